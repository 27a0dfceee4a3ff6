import { jest } from '@jest/globals';

// Jest ignores testTimeout in a project, so the time a test through whole processes may take is set here.
jest.setTimeout(120_000);
