/** A service can't be reached; the message says why. */
export class UnreachableError extends Error {}

export interface Question {
  readonly method: string;
  readonly token: string;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the answer may take. */
  readonly limitMs: number;
}

export interface Answer {
  readonly response: Response;
  readonly text: string;
}

/**
 * Calls a forge's API with a token.
 * @throws UnreachableError
 */
export async function ask(url: string, { method, token, body, headers, limitMs }: Question): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...{ authorization: `Bearer ${token}`, "user-agent": "s3-public-access-block", ...headers },
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(limitMs),
    });
    return { response, text: await response.text() };
  } catch (error) {
    throw new UnreachableError(`${new URL(url).origin} can't be reached: ${reasonOf(error, limitMs)}`);
  }
}

function reasonOf(error: unknown, limitMs: number): string {
  const { name, message, cause } = error as Error;
  if (name === "TimeoutError") return `no answer in ${limitMs / 1000} seconds`;
  return cause instanceof Error ? cause.message : message;
}
