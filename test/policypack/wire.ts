import { typeIn } from "../../policypack/lib/urn";
import { UNKNOWN as NOT_KNOWN } from "../../policypack/lib/values";
import { secret, UNKNOWN, type Props, type Resource, type Value } from "../harness/engine/analyzer";
import type { AccountBlock, Block, Named, Stack } from "./oracle";
import { ON, provider, urn } from "./resources";
import { OUTSIDERS } from "./stacks";
import { testdata } from "../testdata";

/*
 * A stack of the oracle in the words of the engine. There are many ways to tell the same: in the inputs, in the outputs or
 * in both, as a secret, by one property or another, in any order. The dice choose.
 */

/** A number from 0 on, and less than `sides`. */
export type Dice = (sides: number) => number;

/** What Analyze is told of a resource, and what AnalyzeStack is. */
export interface Told {
  readonly inputs: Resource;
  readonly outputs: Resource;
}

const {
  types: TYPES,
  outsiders: OUTSIDER_TYPES,
  names: LOGICAL_NAMES,
  regions: REGIONS,
} = testdata("wire.yaml") as Record<"types", Record<string, string[]>> &
  Record<"outsiders" | "names", string[]> & { regions: Record<string, string> };
const FLAGS = Object.keys(ON);

/** The URN of a resource of the stack, by what the oracle calls it: bucket0, companion1, block2, random. */
export function urnOf(name: string): string {
  const outsider = OUTSIDERS.indexOf(name);
  if (outsider >= 0) return urn(name, OUTSIDER_TYPES[outsider]);
  const [, kind = "", index] = /^(\D+)(\d+)$/.exec(name) ?? [];
  const types = TYPES[kind] ?? [];
  return urn(`${LOGICAL_NAMES[Number(index)] ?? ""}-${kind}`, types[Number(index) % types.length]);
}

/** The stack as far as it can be told: of a block that is left out nothing is known but where its name comes from. */
export function tellable(given: Stack): Stack {
  const stack: Stack = {
    buckets: given.buckets.map(provided),
    companions: given.companions.map(provided),
    blocks: given.blocks.map(provided),
  };
  const blocks = stack.blocks.map((each): Block => {
    const block = stack.blocks.find(({ urn }) => urn === each.urn) ?? each;
    if (block.inThisRun) return block;
    return { ...block, name: NOT_KNOWN, flags: [], inThisRun: false, staysOn: false };
  });
  return { ...stack, blocks };
}

/** What is custom has a provider: the engine's word for a component is that it has none. */
function provided<T extends Named>(resource: T): T {
  const { provider = "explicit", partition } = resource.scope;
  return { ...resource, scope: { provider, partition } };
}

/** Tells of a stack that is `tellable`. */
export function tell(stack: Stack, accounts: readonly AccountBlock[], dice: Dice): Told[] {
  const isBucket = (urn: string): boolean => stack.buckets.some((bucket) => bucket.urn === urn);
  const told = [
    ...stack.buckets.map((bucket) => {
      const inside = stack.blocks.find(({ urn }) => urn === bucket.urn);
      return tellResource(bucket, { ...nameOfBucket(bucket, dice), ...configuration(inside) }, dice);
    }),
    ...stack.companions.map((companion) => tellResource(companion, { bucket: nameIn(companion, dice) }, dice)),
    ...stack.blocks.filter(({ urn }) => !isBucket(urn)).map((block) => tellBlock(block, dice)),
    ...accounts.map((account, index) => tellAccount(account, `account${index}`, dice)),
    ...OUTSIDERS.slice(0, 2).map((name) => {
      const outsider = { urn: name, name: NOT_KNOWN, from: ["bucket0"], isSettled: true };
      return tellResource({ ...outsider, scope: { provider: "default", partition: "aws" } }, {}, dice);
    }),
  ];
  // One resource that is told of twice is told of in the same words.
  const first = new Map<string, Told>();
  for (const each of told) if (!first.has(each.outputs.urn)) first.set(each.outputs.urn, each);
  return shuffled(
    told.map((each) => first.get(each.outputs.urn) ?? each),
    dice,
  );
}

/** Properties that may be UNKNOWN (the policy pack's), or not there. */
type Facts = Record<string, unknown>;

function flagsOf(flags: readonly unknown[]): Facts {
  return Object.fromEntries(FLAGS.map((flag, index) => [flag, flags[index]]));
}

/** Known to be on, or else. */
function skipDestroy(staysOn: boolean, dice: Dice): Facts {
  return { skipDestroy: staysOn ? true : [undefined, false, NOT_KNOWN, "true"][dice(4)] };
}

function configuration(inside: Block | undefined): Facts {
  return inside === undefined ? {} : { publicAccessBlockConfiguration: flagsOf(inside.flags) };
}

function nameOfBucket({ urn, name, isSettled, scope }: Named, dice: Dice): Facts {
  const key = urn.startsWith("native") ? "bucketName" : "bucket";
  if (!isSettled) return { [key]: dice(2) === 0 && name === NOT_KNOWN ? undefined : name };
  const other = [undefined, NOT_KNOWN, ""][dice(3)];
  if (name === NOT_KNOWN) return { [key]: dice(2) === 0 ? name : other, id: other };
  const arn = scope.partition === undefined ? NOT_KNOWN : `arn:${scope.partition}:s3:::${String(name)}`;
  const ways: Facts[] = [
    { [key]: name, id: other },
    { [key]: other, id: name },
    { [key]: other, arn },
  ];
  return ways[dice(arn === NOT_KNOWN ? 2 : 3)] ?? {};
}

function nameIn({ name }: Named, dice: Dice): unknown {
  return name === undefined ? [undefined, null, "", 1, ["data"]][dice(5)] : name;
}

function tellBlock(block: Block, dice: Dice): Told {
  const isBare = block.flags.length === 0;
  const isHeld = block.isSettled && dice(4) === 0;
  const facts = isBare
    ? {}
    : { bucket: nameIn(block, dice), ...flagsOf(block.flags), ...skipDestroy(block.staysOn, dice) };
  const resource = { ...block, isSettled: block.isSettled && !isHeld };
  const told = tellResource(resource, facts, dice, !block.inThisRun);
  const options = { ignoreChanges: isHeld ? ["bucket"] : [] };
  return { inputs: { ...told.inputs, options }, outputs: { ...told.outputs, options } };
}

function tellAccount(account: AccountBlock, name: string, dice: Dice): Told {
  const named = { urn: name, name: undefined, from: [], isSettled: dice(4) > 0 };
  const scope = { provider: account.provider, partition: "aws" };
  const told = tellResource(
    { ...named, scope },
    account.inThisRun ? flagsOf(account.flags) : {},
    dice,
    !account.inThisRun,
  );
  // No flag is on by itself: what the outputs have is in the inputs too.
  for (const flag of FLAGS) {
    const value = told.outputs.props[flag];
    if (value !== undefined) told.inputs.props[flag] ??= value;
  }
  // The provider fills in the account that it works for: only an input shows that the program chose it.
  if (account.isNamed && account.inThisRun) told.inputs.props.accountId = "123456789012";
  if (named.isSettled && account.inThisRun) told.outputs.props.accountId = "123456789012";
  return told;
}

function tellResource(resource: Named, facts: Facts, dice: Dice, isLeftOut = false): Told {
  const { scope } = resource;
  const region = scope.partition === undefined ? undefined : REGIONS[scope.partition];
  const isOnProvider = scope.provider !== undefined && (isLeftOut || dice(2) === 0);
  const configuration: Props = isOnProvider && region !== undefined ? { region } : {};
  const own: Facts = isOnProvider || region === undefined ? { region: [undefined, NOT_KNOWN][dice(2)] } : { region };
  const hasOutputs = resource.isSettled && !isLeftOut;
  const { inputs, outputs } = spread(isLeftOut ? {} : { ...own, ...facts }, hasOutputs, dice);
  if (hasOutputs) outputs.forceDestroy = false;
  else if (!isLeftOut) {
    if (scope.provider !== undefined && dice(2) === 0) configuration.profile = UNKNOWN;
    else inputs.forceDestroy = false;
  }
  const common = {
    ...{ type: typeIn(urnOf(resource.urn)), urn: urnOf(resource.urn), name: resource.urn },
    ...(scope.provider !== undefined && { provider: provider(configuration, scope.provider) }),
    propertyDependencies: { bucket: resource.from.map(urnOf), tags: [urnOf("bucket0")] },
    dependencies: [urnOf("bucket0"), ...resource.from.map(urnOf)],
  };
  return { inputs: { ...common, props: inputs }, outputs: { ...common, props: outputs } };
}

/** Puts each fact into the inputs, the outputs or both. What is known in one place may be unknown in the other. */
function spread(facts: Facts, hasOutputs: boolean, dice: Dice): { inputs: Props; outputs: Props } {
  const inputs: Props = {};
  const outputs: Props = {};
  for (const [key, fact] of Object.entries(facts)) {
    if (fact === undefined) continue;
    const value = onTheWire(fact);
    const told = dice(6) === 0 ? secret(value) : value;
    const way = hasOutputs ? dice(5) : 0;
    if (way <= 2) inputs[key] = told;
    // Left out by the program and unknown in the outputs is unknown: that is another fact.
    if (way === 1) outputs[key] = fact === null ? told : UNKNOWN;
    if (way >= 2 && hasOutputs) outputs[key] = told;
    if (way === 3) inputs[key] = UNKNOWN;
  }
  return { inputs, outputs };
}

function onTheWire(fact: unknown): Value {
  if (fact === NOT_KNOWN) return UNKNOWN;
  if (typeof fact !== "object" || fact === null || Array.isArray(fact)) return fact as Value;
  const told = Object.entries(fact).filter(([, value]) => value !== undefined);
  return Object.fromEntries(told.map(([key, value]) => [key, onTheWire(value)]));
}

function shuffled<T>(list: readonly T[], dice: Dice): T[] {
  return list
    .map((item): [number, T] => [dice(1000), item])
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}
