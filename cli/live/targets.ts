import type { Resource } from "../../policypack/face";
import { toBucket } from "../../policypack/face-with-policies";
import type { StateResource } from "../audit/state";
import type { Target } from "./model";

/** The place of each bucket of a state in S3, as far as the state shows. */
export function targetsIn(resources: readonly StateResource[]): (bucket: Resource) => Target {
  const accounts = accountsIn(resources);
  return (bucket) => {
    const { read, provider } = bucket;
    const { name, scope } = toBucket(bucket);
    return {
      name: textOf(name),
      region: textOf(read("region")) ?? textOf(provider?.read("region")),
      account: provider && (configuredAccount(provider) ?? accounts.get(provider.urn)),
      partition: scope.partition,
    };
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The account of the last role that the provider assumes, or the only one that it is allowed to work in. */
function configuredAccount({ read }: NonNullable<Resource["provider"]>): string | undefined {
  const roles = JSON.stringify([read("assumeRole"), read("assumeRoles")]).matchAll(/:iam::(\d{12}):role\//g);
  const allowed = JSON.stringify([read("allowedAccountIds")]).match(/\d{12}/g) ?? [];
  return [...roles].at(-1)?.[1] ?? (allowed.length === 1 ? allowed[0] : undefined);
}

/** The account that the ARNs of a provider's resources name, by its URN; undefined where they name several. */
function accountsIn(resources: readonly StateResource[]): ReadonlyMap<string, string | undefined> {
  const accounts = new Map<string, string | undefined>();
  for (const { isManaged, provider, outputs } of resources) {
    const account = /^arn:[^:]+:[^:]*:[^:]*:(\d{12}):/.exec(textOf(outputs.arn) ?? "")?.[1];
    if (account === undefined || !isManaged) continue;
    const urn = provider.slice(0, provider.lastIndexOf("::"));
    accounts.set(urn, accounts.has(urn) && accounts.get(urn) !== account ? undefined : account);
  }
  return accounts;
}
