export { type DatabaseWatcher, GuardedDatabase } from "./world/guarded-database.js";
export { Life, type LifeOptions, type LifeWatcher } from "./world/life.js";
export { VirtualClock, type VirtualClockOptions } from "./world/virtual-clock.js";
export { World, type WorldFaults, type WorldOptions } from "./world/world.js";
