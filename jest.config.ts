import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/__tests__'],
  testMatch: ['<rootDir>/__tests__/**/*.test.{ts,tsx}'],
  testPathIgnorePatterns: ['<rootDir>/__tests__/support/'],
  // Many tests wait for sockets and processes: on two processors Jest would run one at a time.
  maxWorkers: '100%',
  // Milliseconds. It ends a test that hangs; a busy machine may take ten times as long as a quiet one.
  testTimeout: 180_000,
  transform: { '^.+\\.tsx?$': ['ts-jest', { tsconfig: '__tests__/tsconfig.json' }] },
  // Source imports name the built file, './backoff.js'; jest has only './backoff.ts'.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  restoreMocks: true,
  collectCoverage: process.env.COVERAGE === '1',
  collectCoverageFrom: ['src/**/*.ts'],
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'lcov'],
  coverageThreshold: { global: { lines: 98, branches: 98 } },
};

export default config;
