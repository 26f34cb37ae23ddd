// How a call was refused, as one line that says class and text.

/** A bad request's text begins with the server's address, or with its name where there is no address. */
const badRequest = /^Bad request to \S+ with status: /;

/** `ChromaValueError: …` and the like; a bad request's prefix is written `400: `. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const kind = error.name === "Error" ? error.constructor.name : error.name;
    return `${kind}: ${error.message.replace(badRequest, "400: ")}`;
  }
  return "accepted";
}
