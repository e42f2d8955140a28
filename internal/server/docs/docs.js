// Shows the contract of this server, to be tried on this server.
const contract = await (await fetch('/v1/openapi.json')).json()
contract.servers = [{ url: '/v1' }]
window.SwaggerUIBundle({
  spec: contract,
  domNode: document.getElementById('swagger-ui'),
  deepLinking: false,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
})
