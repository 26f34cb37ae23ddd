// The search as a visitor meets it: text, filters and tab in; results, and a line about them, out.

import type { Library } from "../library.ts";
import { formatLines, placeOf } from "../notes/note-shelf.ts";
import type { Announcer } from "../ui/announcer.ts";
import { mustFind } from "../ui/element.ts";
import { showExamples } from "../ui/examples.ts";
import { Filters } from "../ui/filters.ts";
import { formatMs, formatNumberOf } from "../ui/quantity.ts";
import { type HitFace, Results } from "../ui/results.ts";
import { SearchBox } from "../ui/search-box.ts";
import type { TabName, Tabs } from "../ui/tabs.ts";
import { filterToWhere } from "./dictionary-filter.ts";
import { findByMeaning, type Hit, type Hits } from "./hits.ts";
import { Latest } from "./latest.ts";
import { textOf } from "./metadata-value.ts";

interface Question {
  readonly tab: TabName;
  readonly text: string;
  readonly library: Library;
}

/** While records come in, a shown search is asked again no more often than this. */
const askAgainMs = 1000;

const placeholderByTab: Readonly<Record<TabName, string>> = {
  dictionary: "Describe a thing, an act…",
  notes: "What did you write about…",
};

export class Searching {
  readonly #tabs: Tabs;
  readonly #announcer: Announcer;
  readonly #onOpenNote: (hit: Hit) => void;
  readonly #outcome = mustFind("outcome", HTMLSpanElement);
  readonly #clearFilters = mustFind("clear-filters", HTMLButtonElement);
  readonly #box = new SearchBox({
    onText: () => this.refresh(),
    onLeaveDown: () => this.#results.focusFirst(),
  });
  readonly #filters = new Filters(() => this.refresh());
  readonly #results = new Results({
    onOpen: (hit) => this.#open(hit),
    onLeave: () => this.#box.focus(),
  });
  readonly #latest: Latest<Question, Hits>;
  #library: Library | undefined;
  #askedAt = 0;
  #hitsShown = 0;

  constructor(
    tabs: Tabs,
    announcer: Announcer,
    onOpenNote: (hit: Hit) => void,
    onFailure: (error: unknown) => void,
  ) {
    this.#tabs = tabs;
    this.#announcer = announcer;
    this.#onOpenNote = onOpenNote;
    this.#latest = new Latest(
      ({ tab, text, library }) =>
        tab === "dictionary"
          ? findByMeaning(library.dictionary, text, filterToWhere(this.#filters.filter))
          : findByMeaning(library.notes, text),
      (hits, question) => this.#show(hits, question),
      onFailure,
    );
    this.#clearFilters.addEventListener("click", () => {
      this.#filters.clear();
      this.#box.focus();
      this.refresh();
    });
    showExamples((query) => {
      this.#filters.clear();
      this.#box.setText(query);
      this.#box.focus();
    });
  }

  /** From here on there is something to ask; what was typed before is asked now. */
  setLibrary(library: Library): void {
    this.#library = library;
    this.refresh();
  }

  /** Asks what is in the box, of the tab that is open. */
  refresh(): void {
    const tab = this.#tabs.selected;
    const { text } = this.#box;
    this.#box.setPlaceholder(placeholderByTab[tab]);
    document.documentElement.dataset["searching"] = String(text !== "");
    if (text === "") {
      this.#results.clear();
      this.#outcome.textContent = "\u00a0";
      this.#clearFilters.hidden = true;
    } else if (this.#library) {
      this.#askedAt = performance.now();
      this.#latest.ask({ tab, text, library: this.#library });
    }
  }

  /** More can be found now; but what somebody reads or points at stays. */
  onMoreRecords(): void {
    const isDue = this.#hitsShown === 0 || performance.now() - this.#askedAt > askAgainMs;
    if (isDue && this.#tabs.selected === "dictionary" && !this.#results.isInUse) this.refresh();
  }

  #show({ hits, records, ms }: Hits, { tab, text }: Question): void {
    // The box may have been emptied, or the tab changed, while the answer was on its way.
    if (text !== this.#box.text || tab !== this.#tabs.selected) return;
    this.#results.show(hits, tab === "dictionary" ? faceOfWord : faceOfPassage);
    this.#hitsShown = hits.length;
    const isFiltered = tab === "dictionary" && filterToWhere(this.#filters.filter) !== undefined;
    const outcome = outcomeText(hits.length, records, ms, tab, isFiltered);
    this.#clearFilters.hidden = hits.length > 0 || !isFiltered;
    this.#outcome.textContent = outcome;
    this.#announcer.say(outcome);
  }

  #open(hit: Hit): void {
    if (this.#tabs.selected === "notes") {
      this.#onOpenNote(hit);
      return;
    }
    this.#box.setText(definitionOf(hit.document));
    this.#box.focus();
    scrollTo({ top: 0 });
  }
}

function outcomeText(found: number, records: number, ms: number, tab: TabName, isFiltered: boolean): string {
  const among = formatNumberOf(records, tab === "dictionary" ? "record" : "passage");
  if (found > 0) return `${found} nearest of ${among} in ${formatMs(ms)}`;
  return isFiltered ? `None of ${among} passes the filters` : `Nothing to find among ${among} yet`;
}

function faceOfWord({ document, metadata }: Hit): HitFace {
  const labels = [textOf(metadata, "partOfSpeech"), textOf(metadata, "field")];
  return {
    title: textOf(metadata, "word"),
    aside: textOf(metadata, "synonyms"),
    text: document,
    labels: labels.filter((label) => label !== "any"),
    action: "Search for what means the same",
  };
}

function faceOfPassage({ document, metadata }: Hit): HitFace {
  const place = placeOf(metadata);
  return {
    title: place.title,
    aside: place.heading,
    text: document,
    labels: [formatLines(place), `passage ${place.passage} of ${place.passages}`],
    action: "Read it in its note",
  };
}

/** A gloss without the examples behind it. */
function definitionOf(gloss: string): string {
  return gloss.split('; "')[0]!;
}
