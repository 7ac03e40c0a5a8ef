/**
 * Runs a program that is data: registers a list of resources with the engine itself, which saves the second that a program
 * takes over loading Pulumi's SDK. What the engine is told of them is what the SDK tells it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { decode, encode, Secret, UNKNOWN } from "../values";
import type { Props, Value } from "../values";
import { resolveFrom } from "./resolve";
import type { Outcome } from "./node";

/** A resource of a program that is data. */
export interface DataResource {
  type: string;
  name: string;
  /**
   * `${NAME.property}` is an output of an earlier resource, also inside of a text, and makes the property depend on it;
   * NAME.id and NAME.urn are its identity. `{secret: VALUE}` is a secret.
   */
  props?: Record<string, unknown>;
  /** A component, which no provider makes. */
  component?: boolean;
  /** The ID of a resource that is only read. */
  read?: string;
  /** Names of earlier resources. */
  parent?: string;
  provider?: string;
  /** Further resources whose outputs a property was made from, such as in `apply`; it is then unknown where one of them is. */
  from?: Record<string, string[]>;
  options?: { ignoreChanges?: string[] };
}

/** The file with the program, in a folder with `runtime: data`. */
export const DATA_FILE = "resources.json";

interface Made {
  urn: string;
  id: Value;
  outputs: Props;
}

type Done<Answer> = (error: grpc.ServiceError | null, answer: Answer) => void;
/** A call of the engine, as a promise. */
const call = <Answer>(send: (done: Done<Answer>) => unknown): Promise<Answer> =>
  new Promise((resolve, reject) => {
    send((error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });

const REFERENCE = /\$\{([^.{}]+)\.([^{}]+)\}/g;

class Program {
  readonly #made = new Map<string, Made>();
  #root = "";

  constructor(
    readonly monitor: ResourceMonitorClient,
    readonly isPreview: boolean,
    /** The version of `@pulumi/aws`, by which its resources ask for a provider. */
    readonly aws: string,
  ) {}

  async run(root: string, resources: readonly DataResource[]): Promise<void> {
    this.#root = (await this.#make({ type: "pulumi:pulumi:Stack", name: root, component: true })).urn;
    for (const resource of resources) this.#made.set(resource.name, await this.#make(resource));
  }

  #of(name: string): Made {
    const made = this.#made.get(name);
    if (made === undefined) throw new Error(`the program has no resource ${name} so far`);
    return made;
  }

  #output(name: string, path: string): Value {
    const { urn, id, outputs } = this.#of(name);
    if (path === "urn") return urn;
    if (path === "id") return id;
    let value: Value | undefined = outputs;
    for (const key of path.split(".")) {
      if (value === UNKNOWN) break;
      value = typeof value === "object" && value !== null ? (value as Props)[key] : undefined;
    }
    return value ?? (this.isPreview ? UNKNOWN : null);
  }

  /** The value that the engine is given; the names of the resources that it was made from are added to `from`. */
  #value(given: unknown, from: Set<string>): Value {
    if (Array.isArray(given)) return given.map((each) => this.#value(each, from));
    if (typeof given === "object" && given !== null) {
      const entries = Object.entries(given).map(([key, value]) => [key, this.#value(value, from)] as const);
      const [[key, value] = ["", null]] = entries;
      return key === "secret" && entries.length === 1 ? new Secret(value) : Object.fromEntries(entries);
    }
    if (typeof given !== "string") return given as Value;
    const values = [...given.matchAll(REFERENCE)].map(([text, name = "", path = ""]) => {
      from.add(name);
      return [text, this.#output(name, path)] as const;
    });
    const [first] = values;
    if (first?.[0] === given) return first[1];
    if (values.some(([, value]) => value === UNKNOWN)) return UNKNOWN;
    return values.reduce(
      (text, [reference, value]) => text.replace(reference, typeof value === "string" ? value : JSON.stringify(value)),
      given,
    );
  }

  async #make(resource: DataResource): Promise<Made> {
    const { type, name, parent, provider, read, options = {} } = resource;
    const froms = new Map<string, Set<string>>();
    const props = Object.entries(resource.props ?? {}).map(([key, given]): [string, Value] => {
      const also = resource.from?.[key] ?? [];
      const from = new Set(also);
      const value = this.#value(given, from);
      if (from.size > 0) froms.set(key, from);
      const isUnknown = also.some((each) => this.#of(each).id === UNKNOWN);
      return [key, isUnknown ? UNKNOWN : value];
    });
    const on = [...new Set([...froms.values()].flatMap((set) => [...set]))];
    const request = read === undefined ? new proto.RegisterResourceRequest() : new proto.ReadResourceRequest();
    request
      .setType(type)
      .setName(name)
      .setParent(parent === undefined ? this.#root : this.#of(parent).urn);
    request.setDependenciesList(on.map((each) => this.#of(each).urn));
    if (/^(pulumi:providers:aws$|aws:)/.test(type)) request.setVersion(this.aws);
    request.setAcceptsecrets(true).setAcceptresources(true);
    if (provider !== undefined) {
      const { urn, id } = this.#of(provider);
      request.setProvider(`${urn}::${typeof id === "string" ? id : "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}`);
    }
    if (request instanceof proto.ReadResourceRequest) {
      request.setId(read ?? "");
      request.setProperties(encode(Object.fromEntries(props)));
      const response = await call<proto.ReadResourceResponse>((done) => this.monitor.readResource(request, done));
      return { urn: response.getUrn(), id: read ?? "", outputs: decode(response.getProperties()) };
    }
    request.setCustom(resource.component !== true).setObject(encode(Object.fromEntries(props)));
    for (const [key, from] of froms) {
      const dependencies = new proto.RegisterResourceRequest.PropertyDependencies();
      dependencies.setUrnsList([...from].map((each) => this.#of(each).urn));
      request.getPropertydependenciesMap().set(key, dependencies);
    }
    request.setSupportspartialvalues(true).setIgnorechangesList(options.ignoreChanges ?? []);
    const response = await call<proto.RegisterResourceResponse>((done) => this.monitor.registerResource(request, done));
    const id = response.getId() === "" && this.isPreview ? UNKNOWN : response.getId();
    return { urn: response.getUrn(), id, outputs: decode(response.getObject()) };
  }
}

/** Runs the program to its end. */
export async function runData(request: RunRequest): Promise<Outcome> {
  const monitor = new ResourceMonitorClient(request.getMonitorAddress(), grpc.credentials.createInsecure());
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  try {
    const resources = JSON.parse(readFileSync(join(folder, DATA_FILE), "utf8")) as DataResource[];
    const { version } = JSON.parse(readFileSync(resolveFrom(folder, "@pulumi/aws/package.json"), "utf8")) as {
      version: string;
    };
    const program = new Program(monitor, request.getDryrun(), version);
    await program.run(`${request.getProject()}-${request.getStack()}`, resources);
    return { error: "", bail: false };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), bail: false };
  } finally {
    monitor.close();
  }
}
