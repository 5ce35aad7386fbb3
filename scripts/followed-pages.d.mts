export function translatedPages(): string[];
export function marked(path: string, text: string): string;
export function fallenBehind(path: string, text: string, original: string): string[];
