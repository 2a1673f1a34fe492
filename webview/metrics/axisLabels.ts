export * from '../../src/core/run/axisLabels';
