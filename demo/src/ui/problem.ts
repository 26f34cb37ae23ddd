// What went wrong, what it means, and what to do. The codes are those of docs/ERRORS.md.

import { make, mustFind } from "./element.ts";

interface Advice {
  readonly title: string;
  readonly text: string;
}

const adviceByCode: Readonly<Record<string, Advice>> = {
  "build-outdated": {
    title: "This page was updated",
    text: "Another tab has a newer version of it open. Reload this one to go on.",
  },
  "storage-unavailable": {
    title: "This browser gives the page no storage",
    text: "A private window may be the reason, or a setting that blocks the data of sites. Open the page in an ordinary window, or allow storage for it, then try again.",
  },
  "storage-full": {
    title: "No room left",
    text: "The disk is full, or this site's share of it. What was stored is safe. Free some space, then try again.",
  },
  "storage-lost": {
    title: "The stored records are gone",
    text: "The site's data was cleared while the page was open. Try again to load the dictionary anew.",
  },
  "worker-died": {
    title: "The search engine stopped",
    text: "The browser ended it, perhaps for want of memory. What was stored is safe. Try again to start it.",
  },
  "worker-start": {
    title: "The search engine did not start",
    text: "A file could not be loaded; the page may have been updated meanwhile. Reload, then try again.",
  },
  "format-newer": {
    title: "Written by a newer version",
    text: "A newer version of this page stored these records. Reload to get it.",
  },
};

export class Problem {
  readonly #element = mustFind("problem", HTMLDivElement);

  /** @param retry  what "Try again" does; the problem is cleared first */
  show(error: unknown, retry: () => void): void {
    const advice = adviceFor(error);
    const button = make("button", { class: "button button-primary", type: "button" }, "Try again");
    button.addEventListener("click", () => {
      this.clear();
      retry();
    });
    this.#element.replaceChildren(
      make("h2", {}, advice.title),
      make("p", {}, advice.text),
      make("details", {}, make("summary", {}, "Details"), make("code", {}, detailsOf(error))),
      button,
    );
  }

  clear(): void {
    this.#element.replaceChildren();
  }
}

function adviceFor(error: unknown): Advice {
  const known = adviceByCode[codeOf(error) ?? ""];
  if (known) return known;
  if (!navigator.onLine) {
    return {
      title: "No network",
      text: "Part of the dictionary is not here yet. Try again once you are connected.",
    };
  }
  return { title: "Something went wrong", text: "Try again; if it stays, reload the page." };
}

/** A full disk has Chroma's own class, every other failure is a `ChromaliteError`; both carry the code. */
function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

function detailsOf(error: unknown): string {
  const code = codeOf(error);
  return (code ? `${code}: ` : "") + (error instanceof Error ? error.message : String(error));
}
