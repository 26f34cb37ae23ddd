import { openNodeGround } from "./node-ground.ts";
import { runSemantics } from "./semantics.ts";

runSemantics("files", openNodeGround);
