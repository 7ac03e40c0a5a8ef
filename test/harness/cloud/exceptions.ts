import { Refusal } from "../listen";

/*
 * Policy exceptions as the CLI 3.276.0 asks for them (its policy_exception_*.go, and pulumi-cloud-sdk's apitype): what the service
 * itself does beyond the comments there isn't known.
 */

interface Request {
  policyPack: string;
  reason: string;
  match: { policies: string[]; targets: string[] }[];
  expiresInSeconds?: number;
}

export interface PolicyException extends Omit<Request, "expiresInSeconds"> {
  id: string;
  status: "active" | "removed";
  createdAt: string;
  expiresAt?: string;
}

const HOUR = 3600;

export class Exceptions {
  readonly all: PolicyException[] = [];
  readonly changes = new Map<string, { status: string; request: Request }>();
  isSupported = true;
  needsApproval = false;

  constructor(private readonly organization: string) {}

  /** The active ones, the latest first. */
  active(pack?: string): PolicyException[] {
    if (!this.isSupported) throw new Refusal(409, `"${this.organization}" does not support policy-exceptions.`);
    const now = new Date().toISOString();
    const isActive = ({ status, expiresAt }: PolicyException): boolean =>
      status === "active" && (expiresAt === undefined || expiresAt > now);
    return this.all.filter((each) => isActive(each) && (pack ?? each.policyPack) === each.policyPack).reverse();
  }

  create(request: Request): PolicyException {
    check(request);
    if (this.needsApproval) throw new Refusal(409, "creating a policy exception requires approval");
    return this.#add(request);
  }

  draft(request: Request): { changeRequestId: string; latestRevisionNumber: number } {
    check(request);
    const changeRequestId = `CR-${String(this.changes.size + 1)}`;
    this.changes.set(changeRequestId, { status: "draft", request });
    return { ...request, changeRequestId, latestRevisionNumber: 1 };
  }

  /** A person approves of it, and applies it. */
  apply(id: string): void {
    const change = this.changes.get(id);
    if (change === undefined) throw new Refusal(404, "Not Found: change request not found");
    change.status = "applied";
    this.#add(change.request);
  }

  #add({ expiresInSeconds, ...request }: Request): PolicyException {
    const end = expiresInSeconds === undefined ? undefined : new Date(Date.now() + expiresInSeconds * 1000);
    const times = { createdAt: new Date().toISOString(), ...(end && { expiresAt: end.toISOString() }) };
    const exception = { id: `EXC-${String(this.all.length + 1)}`, status: "active" as const, ...request, ...times };
    this.all.push(exception);
    return exception;
  }
}

function check({ reason, match, expiresInSeconds = HOUR }: Request): void {
  const isCount = (list: readonly string[]): boolean => list.length >= 1 && list.length <= 100;
  const isWhole = match.length >= 1 && match.length <= 100 && match.every((each) => Object.values(each).every(isCount));
  const hours = expiresInSeconds / HOUR;
  if (!isWhole || reason.trim() === "" || !Number.isInteger(hours) || hours < 1 || hours > 3650 * 24)
    throw new Refusal(400, "Bad Request: invalid policy exception");
}

/** A rule over a stack's tags (PermissionBooleanExpression of pulumi-cloud-sdk). */
export interface Rule {
  __type: string;
  key?: string;
  value?: string;
  left?: Rule;
  right?: Rule;
  node?: Rule;
}

export function isMatched(rule: Rule | undefined, tags: Readonly<Record<string, string>>): boolean {
  if (rule === undefined) return false;
  const { __type: type, left, right, node, key = "" } = rule;
  if (type === "PermissionExpressionHasTag") return key in tags;
  if (type === "PermissionExpressionEqual") return tags[left?.key ?? ""] === right?.value;
  if (type === "PermissionExpressionNot") return !isMatched(node, tags);
  const both = [left, right].map((each) => isMatched(each, tags));
  if (type === "PermissionExpressionAnd") return both.every(Boolean);
  if (type === "PermissionExpressionOr") return both.some(Boolean);
  throw new Refusal(400, `Bad Request: ${type}`);
}
