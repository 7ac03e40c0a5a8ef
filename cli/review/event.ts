import { readFileSync } from "node:fs";
import { isObject } from "../../policypack/shared/values";

/** The pull request that a job is about. */
export interface PullRequest {
  readonly number: number;
  /** The commit that its branch is at. */
  readonly head: string;
  /** Whether its branch is in another repository, whose jobs have no token that can write. */
  readonly isFork: boolean;
}

/** The job can't tell what is asked for; the message says what to do. */
export class EventError extends Error {}

/**
 * Reads the event that started a job (GITHUB_EVENT_PATH); undefined where it isn't a pull request's.
 * @throws EventError
 */
export function pullRequestIn(file: string): PullRequest | undefined {
  let event: unknown;
  try {
    event = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new EventError(`the event ${file} can't be read: ${(error as Error).message}`);
  }
  const request = isObject(event) ? event.pull_request : undefined;
  if (request === undefined) return undefined;
  const [number, head, base] = isObject(request) ? [request.number, request.head, request.base] : [];
  const sha = isObject(head) ? head.sha : undefined;
  if (typeof number !== "number" || typeof sha !== "string") {
    throw new EventError(`the event ${file} has a pull request without number or head commit`);
  }
  const [from, to] = [nameOf(head), nameOf(base)];
  return { number, head: sha, isFork: to === undefined || from !== to };
}

/** The repository that a branch is in; of a fork that is gone there is none. */
function nameOf(branch: unknown): string | undefined {
  const repository = isObject(branch) ? branch.repo : undefined;
  const name = isObject(repository) ? repository.full_name : undefined;
  return typeof name === "string" ? name : undefined;
}
