import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/__tests__/support/'],
  // Folders with a package.json of their own have dependencies of their own.
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/(compat|examples)/.*(node_modules|\\.work)/',
  ],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '__tests__/tsconfig.json' }] },
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
