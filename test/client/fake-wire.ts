// A fake engine behind a MessageChannel: everything but the worker's own thread.

import { serve } from "../../worker/serve.ts";
import { FakeEngine } from "./fake-engine.ts";

export class FakeWire {
  /** One engine for each worker that was asked for. */
  readonly engines: FakeEngine[] = [];

  /** To be given to a client as its `worker`. */
  readonly worker = (): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    const engine = new FakeEngine(() => port2.close());
    this.engines.push(engine);
    serve(engine, port2);
    return port1;
  };
}
