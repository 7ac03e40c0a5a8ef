export function withAbsoluteLinks(markdown: string, repository: string, comesAlong?: (file: string) => boolean): string;
