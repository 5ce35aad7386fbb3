export function buildSimulation(folder: string): boolean;
