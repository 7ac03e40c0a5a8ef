/** A pack's configuration, put together as the engine does it (pkg/resource/analyzer/config.go in the Pulumi repository). */
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { levelNumber, levelOf } from "./analyzer-messages";
import type { Level } from "./analyzer-messages";
import { decode, encode } from "./values";
import type { Props } from "./values";

/** One policy's configuration. */
export interface PolicyConfiguration {
  level?: Level;
  props?: Props;
}

type Complete = Map<string, Required<PolicyConfiguration>>;

/** The default values in a policy's configuration schema. */
function defaultProps(policy: proto.PolicyInfo): Props {
  const schema = decode(policy.getConfigschema()?.getProperties());
  return Object.fromEntries(
    Object.entries(schema).flatMap(([name, property]) => {
      const value = (property as Props).default;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/**
 * Lays configurations over others. Those for "all" give each policy its level, unless it has one of its own. What has a
 * name that no policy has goes along, if it has a level.
 */
function lay(over: Record<string, PolicyConfiguration>, base: Complete): Complete {
  const all = over.all?.level;
  const strangers = Object.entries(over).filter(([name]) => !base.has(name));
  const complete = [...base].map(([name, { level, props }]): [string, Required<PolicyConfiguration>] => {
    const own = Object.hasOwn(over, name) ? over[name] : undefined;
    return [name, { level: own?.level ?? all ?? level, props: { ...props, ...own?.props } }];
  });
  const further = strangers.map(([name, { level, props = {} }]): [string, Required<PolicyConfiguration>] => {
    if (level === undefined) throw new Error(`invalid enforcement level "" for ${name}`);
    return [name, { level, props }];
  });
  return new Map([...complete, ...further]);
}

/**
 * The request that configures a pack: its policies' defaults, then the pack's own configuration, then the one given.
 * @throws Error for the configuration of a policy that the pack doesn't have and that gives it no level.
 */
export function configureRequest(
  info: proto.AnalyzerInfo,
  given: Record<string, PolicyConfiguration>,
): proto.ConfigureAnalyzerRequest {
  const defaults: Complete = new Map(
    info
      .getPoliciesList()
      .map((policy) => [
        policy.getName(),
        { level: levelOf(policy.getEnforcementlevel()), props: defaultProps(policy) },
      ]),
  );
  const initial = Object.fromEntries(
    info
      .getInitialconfigMap()
      .toArray()
      .map(([name, configured]) => [
        name,
        { level: levelOf(configured.getEnforcementlevel()), props: decode(configured.getProperties()) },
      ]),
  );
  const request = new proto.ConfigureAnalyzerRequest();
  for (const [name, { level, props }] of lay(given, lay(initial, defaults))) {
    const configured = new proto.PolicyConfig().setEnforcementlevel(levelNumber(level));
    request.getPolicyconfigMap().set(name, configured.setProperties(encode(props)));
  }
  return request;
}
