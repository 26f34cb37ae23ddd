// One operation that an engine was given, until it is answered.

import type { Operation, Reply } from "../../src/protocol/operation.ts";
import type { Handler } from "./handler.ts";

export interface Task {
  readonly operation: Operation;
  readonly handler: Handler;
  readonly isGroupable: boolean;
  readonly reply: (reply: Reply) => void;
}
