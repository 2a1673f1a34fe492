import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';

const schema = configSchema({});

export type IdentityConfig = ConfigOf<typeof schema>;

export const identity = elementwise<IdentityConfig>({ name: 'Identity', family: 'core', schema }, 0);
