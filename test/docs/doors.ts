/*
 * Picks the resource types of @pulumi/aws and @pulumi/aws-native with a property that may decide who can read S3, by the names and
 * descriptions in their type declarations. Started by itself, it prints those that docs/public-access-properties.yaml lacks, to be
 * read and given a place there.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

export const PACKAGES = ["@pulumi/aws", "@pulumi/aws-native"] as const;
const TABLE = path.join(__dirname, "../../docs/public-access-properties.yaml");

/** A part of the table: types with their properties, and one place for all of them. */
export interface Entry {
  readonly is: "judged" | "noted" | "shared, not public" | "another service" | "harmless";
  readonly by?: readonly string[];
  readonly why?: string;
  readonly page?: string;
  readonly types: Readonly<Record<string, string>>;
}

/** How many types of each package were left out, by the rule that did so. */
type LeftOut = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Table {
  readonly versions: Readonly<Record<string, string>>;
  readonly "left out": LeftOut;
  readonly entries: readonly Entry[];
}
export const table = parse(readFileSync(TABLE, "utf8")) as Table;

/** Words of a property's name, and what its description speaks of. */
const WORDS =
  /^(?:acls?|grants?|grantees?|polic(?:y|ies)|principals?|public(?:ly)?|anonymous|unauthenticated|permissions?|shar(?:e|ed|ing)|canned|s3|buckets?)$/;
const ABOUT =
  /\bS3\b|canned ACL|AllUsers|\banyone\b|\beveryone\b|anonymous|unauthenticated|publicly|public access|public-read|PUBLIC_READ/;
/** Texts in another language, in which there may be any of that. */
const TEXTS =
  /^(?:templateBody|templateUrl|body|settingsJson|configurations(?:Json)?|connectorConfiguration|extraConnectionAttributes|desiredState|runtimeConfigurations?|storageConnectors|accessRules|projectVisibility|authorization(?:Type)?)$/;

interface Property {
  readonly name: string;
  readonly isPicked: boolean;
  /** The structure that it holds. */
  readonly of: string | undefined;
}
type Structures = ReadonlyMap<string, readonly Property[]>;

/** The structures of a file of generated declarations, and their properties. */
function structuresIn(text: string): Structures {
  const found = new Map<string, Property[]>();
  const lines =
    /^export declare namespace (\w+)|^(?: {4})?(?:export )?interface (\w+)|^\s*\/?\*\*? ?(.*)|^\s+(\w+)\??: (.*)/gm;
  let [space, about] = ["", ""];
  let properties: Property[] = [];
  for (const [line, namespace, structure, comment, name, type = ""] of text.matchAll(lines)) {
    if (namespace !== undefined) space = `${namespace}.`;
    else if (structure !== undefined) found.set((line.startsWith(" ") ? space : "") + structure, (properties = []));
    else if (name === undefined) about = line.trim().startsWith("/**") ? "" : `${about} ${comment ?? ""}`;
    else {
      const isPicked = TEXTS.test(name) || wordsOf(name).some((word) => WORDS.test(word)) || ABOUT.test(about);
      properties.push({ name, isPicked, of: /\binputs\.([\w.]+)/.exec(type)?.[1] });
      about = "";
    }
  }
  return found;
}

const wordsOf = (name: string): string[] => name.split(/(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase());

export interface Declared {
  readonly type: string;
  /** Its arguments; empty for a type that has none. */
  readonly properties: readonly Property[];
  /** The names of the properties that were picked, wherever they are. */
  readonly picked: readonly string[];
  /** The names of all properties, wherever they are. */
  readonly names: readonly string[];
  /** Whether it has a property, by the way to it: `grants[].uri`. */
  readonly has: (way: string) => boolean;
}

/** All the resource types of a package. */
export function declaredIn(name: string): { readonly version: string; readonly types: readonly Declared[] } {
  const folder = path.dirname(require.resolve(`${name}/package.json`));
  const text = (file: string): string => readFileSync(path.join(folder, file), "utf8");
  const structures = structuresIn(text("types/input.d.ts"));
  const types = (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith(".js")).sort();
  return {
    version: (JSON.parse(text("package.json")) as { version: string }).version,
    types: types.flatMap((file) => {
      const type = /__pulumiType = '(aws[^']+)'/.exec(text(file))?.[1];
      if (type === undefined) return [];
      const own = structuresIn(text(file.replace(/\.js$/, ".d.ts")));
      const properties = own.get(`${type.split(":").at(-1) ?? ""}Args`) ?? [];
      const all = reachable(properties, structures);
      const names = (list: readonly Property[]): string[] => [...new Set(list.map(({ name: each }) => each))].sort();
      const picked = names(all.filter(({ isPicked }) => isPicked));
      return [{ type, properties, picked, names: names(all), has: (way) => hasWay(properties, structures, way) }];
    }),
  };
}

/** The properties, and those of all structures in them. */
function reachable(properties: readonly Property[], structures: Structures): Property[] {
  const seen = new Set([properties]);
  // A set shows what is added to it while it is gone through.
  for (const each of seen) for (const { of = "" } of each) if (structures.has(of)) seen.add(structures.get(of) ?? []);
  return [...seen].flat();
}

function hasWay(properties: readonly Property[], structures: Structures, way: string): boolean {
  const [name, ...rest] = way.split(".");
  const found = properties.find((each) => each.name === name?.replace(/\[\]$/, ""));
  return (
    found !== undefined &&
    (rest.length === 0 || hasWay(structures.get(found.of ?? "") ?? [], structures, rest.join(".")))
  );
}

export const namesIn = (properties: string): string[] => properties.split(/[^\w]+/);

/** What was picked and has no place in the table, as its lines are written. */
export function missing(types: readonly Declared[], entries = table.entries): string[] {
  return types.flatMap(({ type, picked }) => {
    const listed = new Set(entries.flatMap((entry) => namesIn(entry.types[type] ?? "")));
    const names = picked.filter((name) => !listed.has(name));
    return names.length === 0 ? [] : [`${type}: ${names.join(", ")}`];
  });
}

/** How many types the picking left out, and why. */
export function leftOut(types: readonly Declared[]): LeftOut[string] {
  const out = types.filter(({ picked }) => picked.length === 0);
  const without = out.filter(({ properties }) => properties.length === 0).length;
  return { "it has no argument": without, "no argument has such a name or description": out.length - without };
}

if (require.main === module)
  for (const name of PACKAGES) {
    const { version, types } = declaredIn(name);
    console.log(`# ${name} ${version}, left out: ${JSON.stringify(leftOut(types))}`);
    for (const line of missing(types)) console.log(line);
  }
