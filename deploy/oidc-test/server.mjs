// A real OpenID Connect server on this machine, with one person's client and one system's. It prints
// its issuer on the first line and ends when its standard input does.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const audience = process.argv[2];
const algorithms = ['PS256', 'RS256', 'ES256', 'EdDSA'];

function key(alg) {
  const [kind, options] = {
    ES256: ['ec', { namedCurve: 'P-256' }],
    EdDSA: ['ed25519', {}],
  }[alg] ?? ['rsa', { modulusLength: 2048 }];
  const { privateKey } = generateKeyPairSync(kind, options);
  return { ...privateKey.export({ format: 'jwk' }), kid: alg, alg, use: 'sig' };
}

const resource = (alg) => ({
  scope: algorithms.join(' '),
  audience,
  accessTokenFormat: 'jwt',
  accessTokenTTL: 600,
  jwt: { sign: { alg } },
});

const listener = createServer();
listener.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${listener.address().port}`;
  const provider = new Provider(issuer, {
    jwks: { keys: algorithms.map(key) },
    cookies: { keys: ['only for this test'] },
    scopes: ['openid', ...algorithms],
    enabledJWA: { userinfoSigningAlgValues: algorithms, idTokenSigningAlgValues: algorithms },
    clients: [{
      client_id: 'portal',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: ['http://127.0.0.1/callback'],
    }, {
      client_id: 'koppeling',
      client_secret: 'a secret of this test alone',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    }],
    extraTokenClaims: () => ({ oin: '00000001002220647000', municipality: 'GM0861' }),
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        // The scope that is asked for names the algorithm of the token.
        getResourceServerInfo: (ctx) => {
          const asked = ctx.oidc.params?.scope ?? '';
          return resource(algorithms.find((alg) => asked.split(' ').includes(alg)) ?? 'PS256');
        },
      },
    },
  });
  listener.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.resume().on('end', () => process.exit(0));
