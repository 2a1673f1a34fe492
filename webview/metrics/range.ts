export * from '../../src/core/run/range';
