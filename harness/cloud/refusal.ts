/** An answer of the API that is not a success; the CLI prints code and message. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export const notFound = (what: string): Refusal => new Refusal(404, `Not Found: ${what} not found`);
