// Asks the browser to keep the page itself. It is asked once there is something to search, so that its
// downloads come second.

/** Resolves once a reload without a network would work; false where it never will. */
export async function keepPageOffline(): Promise<boolean> {
  const container = (navigator as Partial<Navigator>).serviceWorker;
  if (!container) return false;
  try {
    await container.register("./service-worker.js");
    await container.ready;
    return true;
  } catch (error) {
    // Some windows refuse, and Vite's development server has no such script: the page works as well, but
    // not without a network.
    if (error instanceof DOMException || error instanceof TypeError) return false;
    throw error;
  }
}
