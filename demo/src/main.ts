// The page: reads its address and starts.

import { App } from "./app.ts";
import { parsePageParameters } from "./page-parameters.ts";

void new App(parsePageParameters(location.search)).open();
