import { endingGroups, forbiddenGroups, restGroups, runRestFacts } from "./rest-facts.ts";
import { openRouter } from "./router.ts";

const groups = { ...restGroups, ...endingGroups };
runRestFacts("the router", groups, () => openRouter({ allowReset: true }));
runRestFacts("the router without resets", forbiddenGroups, () => openRouter({ allowReset: false }));
