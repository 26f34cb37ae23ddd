// What a request is refused with.

import { RequestError } from "../../src/protocol/request-error.ts";

export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Runs `act` and gives the error it threw; anything but a `RequestError` is a failure of its own. */
export function refusal(act: () => unknown): Refusal | "accepted" {
  try {
    act();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { status: error.status, message: error.message };
  }
  return "accepted";
}

export const unfit = (problem: string): Refusal => ({
  status: 422,
  message: `Failed to deserialize the JSON body into the target type: ${problem}`,
});

export const invalid = (message: string): Refusal => ({ status: 400, message });
