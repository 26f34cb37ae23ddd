// The fake engine in a worker of its own; a crash there is an uncaught exception.

import { ownEndpoint } from "../../worker/own-endpoint.ts";
import { serve } from "../../worker/serve.ts";
import { FakeEngine } from "./fake-engine.ts";

const crash = (): void => {
  setTimeout(() => {
    throw new Error("out of memory");
  });
};

serve(new FakeEngine(crash), ownEndpoint());
