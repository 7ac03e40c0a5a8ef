/** What CI has to know to install a release and nothing else: its version, and the hash of its tarball as npm writes it. */
export interface Pin {
  readonly version: string;
  readonly integrity: string;
}

/**
 * An example with the release that it installs.
 * @throws when the example has no place for it, or several
 */
export function pinned(example: string, { version, integrity }: Pin): string {
  const values = { GATE_VERSION: version, GATE_INTEGRITY: integrity };
  return Object.entries(values).reduce((text, [name, value]) => {
    const place = new RegExp(`^( *${name}: ).*$`, "gm");
    const found = text.match(place)?.length ?? 0;
    if (found !== 1) throw new Error(`the example has ${found} lines with ${name}, and should have one`);
    return text.replace(place, (_, head: string) => head + value);
  }, example);
}
