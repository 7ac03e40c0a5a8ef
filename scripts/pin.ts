/** What CI has to know to install a release and nothing else. */
export interface Pin {
  /** The package's name in the registry. */
  readonly name: string;
  readonly version: string;
  /** The hash of its tarball, as npm writes it. */
  readonly integrity: string;
}

/**
 * An example with the release that it installs.
 * @throws when the example has no place for it, or several
 */
export function pinned(example: string, { name: packageName, version, integrity }: Pin): string {
  const values = { GATE: JSON.stringify(packageName), GATE_VERSION: version, GATE_INTEGRITY: integrity };
  return Object.entries(values).reduce((text, [name, value]) => {
    const place = new RegExp(`^( *${name}: ).*$`, "gm");
    const found = text.match(place)?.length ?? 0;
    if (found !== 1) throw new Error(`the example has ${found} lines with ${name}, and should have one`);
    return text.replace(place, (_, head: string) => head + value);
  }, example);
}
