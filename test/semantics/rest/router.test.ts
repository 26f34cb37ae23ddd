import { openRouter } from "./router.ts";
import { endingGroups, restGroups, runRestFacts } from "./rest-facts.ts";

runRestFacts("the router", { ...restGroups, ...endingGroups }, openRouter);
