export * from '../../src/core/run/downsample';
