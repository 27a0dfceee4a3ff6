import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JSONWebKeySet } from 'jose';
import { API_AUDIENCE, createVerifier, type TokenVerifier } from '../token-verifier.client.ts';
import type { Role } from '../permissions/permissions.ts';

export interface TestClaims {
  readonly sub?: string;
  readonly roles?: readonly Role[];
  readonly kind?: 'person' | 'service' | 'system';
  readonly name?: string;
  readonly sites?: readonly string[];
  readonly markets?: readonly string[];
  readonly party?: string;
  readonly audience?: string;
  readonly issuer?: string;
  /** Seconds from now; negative for a token of the past. */
  readonly expiresIn?: number;
}

export interface TestTokens {
  readonly issuer: string;
  readonly jwks: JSONWebKeySet;
  readonly verifier: TokenVerifier;
  /** For tests that forge. */
  readonly privateKey: CryptoKey;
  sign(claims?: TestClaims): Promise<string>;
  /** `{ authorization: 'Bearer …' }` for fetch. */
  headers(claims?: TestClaims): Promise<Record<string, string>>;
}

/** A throwaway issuer with its own Ed25519 key; nothing it signs is good anywhere else. */
export async function testTokens(issuer = 'https://identity.test/openid'): Promise<TestTokens> {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }] };
  const sign = ({ sub = 'lin.mei', audience = API_AUDIENCE, expiresIn = 600, ...claims }: TestClaims = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ roles: [], kind: 'person', ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test', typ: 'at+jwt' })
      .setSubject(sub)
      .setIssuer(claims.issuer ?? issuer)
      .setAudience(audience)
      .setIssuedAt(now - 60)
      .setExpirationTime(now + expiresIn)
      .sign(privateKey);
  };
  return {
    issuer,
    jwks,
    verifier: createVerifier({ issuer, keys: jwks }),
    privateKey,
    sign,
    headers: async (claims) => ({ authorization: `Bearer ${await sign(claims)}` }),
  };
}
