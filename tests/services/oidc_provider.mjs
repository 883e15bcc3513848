// An OpenID provider by others (npm oidc-provider) that logs in whoever it is told to, at once.
// Its description comes on the standard input; its address goes to the standard output.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { generateKeyPairSync } from 'node:crypto';

const require = createRequire(`${process.argv[2]}/`);
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);

let text = '';
for await (const piece of process.stdin) text += piece;
const told = JSON.parse(text);

const jwk = (kind, options, more) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), use: 'sig', ...more,
});
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(address, {
    clients: told.clients,
    jwks: {
      keys: [
        jwk('rsa', { modulusLength: 2048 }, { kid: 'rsa' }),
        jwk('ec', { namedCurve: 'P-256' }, { kid: 'ec' }),
      ],
    },
    claims: { openid: ['sub', 'sid', ...Object.keys(told.claims)], mitid: [], ssn: [], nemlogin: [] },
    conformIdTokenClaims: told.conform,
    // It would not send a logout token to this machine, on which all of the test is.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    cookies: { keys: ['for a test'] },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...told.claims }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid mitid ssn nemlogin');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    const login = told.cancel ? { error: 'access_denied' } : { login: { accountId: told.subject } };
    return provider.interactionFinished(request, response, login, { mergeWithLastSubmission: false });
  });
  console.log(address);
});
