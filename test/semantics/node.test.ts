import { openNodeGround } from "./node-ground.ts";
import { runSemantics, runSharing } from "./semantics.ts";

runSemantics("files", openNodeGround);
runSharing("files", openNodeGround);
