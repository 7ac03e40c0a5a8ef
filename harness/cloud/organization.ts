import { notFound, Refusal } from "./refusal";

/** What `pulumi policy publish` says about a pack (apitype.CreatePolicyPackRequest). */
export interface PackMetadata {
  name: string;
  displayName: string;
  versionTag: string;
  policies: PolicyMetadata[];
  description?: string;
  readme?: string;
  provider?: string;
  tags?: string[];
  repository?: string;
  runtime?: string;
}

/** What it says about one policy (apitype.Policy). */
export interface PolicyMetadata {
  name: string;
  displayName: string;
  description: string;
  enforcementLevel: string;
  message: string;
  configSchema?: { type: string; properties?: Record<string, unknown>; required?: string[] };
  severity?: string;
  framework?: Record<string, string>;
  tags?: string[];
  remediationSteps?: string;
  url?: string;
}

export interface PackVersion {
  version: number;
  metadata: PackMetadata;
  /** The key of the upload's address, which stands for the signed URL of an object store. */
  blob: string;
  tarball?: Buffer;
  complete: boolean;
}

/** A pack in a policy group (apitype.PolicyPackMetadata); an absent versionTag means the latest. */
export interface AppliedPack {
  name: string;
  versionTag?: string;
  config?: Record<string, unknown>;
}

export interface StackReference {
  name: string;
  routingProject?: string;
}

export interface PolicyGroup {
  name: string;
  isOrgDefault: boolean;
  entityType: string;
  mode: string;
  /** Left empty in the default group, which holds every stack. */
  stacks: StackReference[];
  appliedPolicyPacks: AppliedPack[];
}

/**
 * One call of PATCH …/policygroups/GROUP, or one of the list that PATCH …/policygroups/GROUP/batch takes
 * (apitype.UpdatePolicyGroupRequest, as far as it concerns packs and stacks). `pulumi policy group edit` sends whole lists
 * of stacks and packs up to version 3.259, and a batch of single additions and removals in 3.274.
 */
export interface GroupChange {
  addPolicyPack?: AppliedPack;
  removePolicyPack?: AppliedPack;
  addStack?: StackReference;
  removeStack?: StackReference;
  stacks?: StackReference[];
  policyPacks?: AppliedPack[];
}

const DEFAULT_GROUP = "default-policy-group";

/** The policy side of one organization: the versions of its packs, and the groups that require them. */
export class Organization {
  readonly versions: PackVersion[] = [];
  readonly groups = new Map<string, PolicyGroup>();

  constructor(readonly name: string) {
    this.addGroup(DEFAULT_GROUP, "stacks", "preventative", true);
  }

  addGroup(name: string, entityType: string, mode = "preventative", isOrgDefault = false): void {
    if (this.groups.has(name)) throw new Refusal(409, `Conflict: policy group ${name} already exists`);
    this.groups.set(name, { name, isOrgDefault, entityType, mode, stacks: [], appliedPolicyPacks: [] });
  }

  group(name: string): PolicyGroup {
    const group = this.groups.get(name);
    if (!group) throw notFound(`policy group ${name}`);
    return group;
  }

  /** A published version can't be published again; one whose upload never completed can. */
  publish(metadata: PackMetadata, blob: string): PackVersion {
    const same = this.versions.filter((v) => v.metadata.name === metadata.name);
    const taken = same.find((v) => v.metadata.versionTag === metadata.versionTag);
    if (taken?.complete) {
      throw new Refusal(
        409,
        `Conflict: policy pack ${metadata.name} version ${metadata.versionTag} already exists`,
      );
    }
    if (taken) this.versions.splice(this.versions.indexOf(taken), 1);
    const version = { version: same.length + 1, metadata, blob, complete: false };
    this.versions.push(version);
    return version;
  }

  /** @throws Refusal when no tarball has arrived: a pack that nobody can download must not be required. */
  complete(name: string, versionTag: string): void {
    const found = this.versions.find((v) => v.metadata.name === name && v.metadata.versionTag === versionTag);
    if (!found) throw notFound(`policy pack ${name} version ${versionTag}`);
    if (!found.tarball) throw new Refusal(400, "Bad Request: the policy pack was not uploaded");
    found.complete = true;
  }

  /** A published version, or the latest without a tag. */
  version(name: string, versionTag?: string): PackVersion {
    const found = this.versions.findLast(
      (v) => v.complete && v.metadata.name === name && (!versionTag || v.metadata.versionTag === versionTag),
    );
    if (!found) throw notFound(`policy pack ${name}${versionTag ? ` version ${versionTag}` : ""}`);
    return found;
  }

  list(): { name: string; displayName: string; versions: number[]; versionTags: string[] }[] {
    const complete = this.versions.filter((v) => v.complete);
    return [...new Set(complete.map((v) => v.metadata.name))].map((name) => {
      const all = complete.filter((v) => v.metadata.name === name);
      return {
        name,
        displayName: this.version(name).metadata.displayName,
        versions: all.map((v) => v.version),
        versionTags: all.map((v) => v.metadata.versionTag),
      };
    });
  }

  /** Makes all of the changes, or none of them when one is refused, as the service does (policy_group_edit.go of the CLI). */
  change(name: string, ...changes: GroupChange[]): void {
    const changed = changes.reduce((group, change) => this.changed(group, change), this.group(name));
    this.groups.set(name, changed);
  }

  /** One version of a pack a group: adding another one takes its place, configuration included. */
  private changed(group: PolicyGroup, change: GroupChange): PolicyGroup {
    const { addPolicyPack: add, removePolicyPack: remove, addStack, removeStack } = change;
    let stacks = change.stacks ?? group.stacks;
    if (addStack) stacks = [...stacks.filter((s) => !isSame(s, addStack)), addStack];
    if (removeStack) stacks = without(stacks, (s) => isSame(s, removeStack), `stack ${removeStack.name}`);
    let packs = change.policyPacks ?? group.appliedPolicyPacks;
    if (add) {
      const versionTag = this.version(add.name, add.versionTag).metadata.versionTag;
      packs = [...packs.filter((p) => p.name !== add.name), { ...add, versionTag }];
    }
    if (remove) {
      const goes = (p: AppliedPack): boolean =>
        p.name === remove.name && (!remove.versionTag || p.versionTag === remove.versionTag);
      packs = without(packs, goes, `policy pack ${remove.name} in ${group.name}`);
    }
    return { ...group, stacks, appliedPolicyPacks: packs };
  }

  /** Whether a group requires this version of a pack. */
  isApplied({ metadata }: PackVersion): boolean {
    return [...this.groups.values()]
      .flatMap((g) => g.appliedPolicyPacks)
      .some((p) => this.version(p.name, p.versionTag).metadata === metadata);
  }

  /** The packs that a stack must run: those of the default group and of the groups that name it. */
  required(project: string, stack: string): { pack: PackVersion; config: Record<string, unknown> }[] {
    return [...this.groups.values()]
      .filter(
        (g) =>
          g.isOrgDefault ||
          g.stacks.some((s) => s.name === stack && (s.routingProject ?? project) === project),
      )
      .flatMap((g) => g.appliedPolicyPacks)
      .map((p) => ({ pack: this.version(p.name, p.versionTag), config: p.config ?? {} }));
  }
}

const isSame = (one: StackReference, other: StackReference): boolean =>
  one.name === other.name && one.routingProject === other.routingProject;

/** @throws Refusal when there is nothing to remove */
function without<T>(all: T[], goes: (each: T) => boolean, what: string): T[] {
  if (!all.some(goes)) throw notFound(what);
  return all.filter((each) => !goes(each));
}
