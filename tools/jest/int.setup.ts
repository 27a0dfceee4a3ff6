import { jest } from '@jest/globals';

// Jest ignores testTimeout in a project, so the time a test on real servers may take is set here.
jest.setTimeout(60_000);
