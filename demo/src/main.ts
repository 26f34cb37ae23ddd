// The page: reads its address and starts, after the first paint and as a task of its own.

import { App } from "./app.ts";
import { parsePageParameters } from "./page-parameters.ts";

addEventListener("load", () => void new App(parsePageParameters(location.search)).open());
