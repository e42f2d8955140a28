// Shows the contract of this server, to be tried on this server.
const holder = document.getElementById('swagger-ui')
const contract = await (await fetch('/v1/openapi.json')).json()
contract.servers = [{ url: '/v1' }]
// Swagger UI believes that it is the whole page; screen readers must not.
new MutationObserver(() => {
  for (const main of holder.querySelectorAll('main')) main.setAttribute('role', 'presentation')
  holder.querySelector('#servers')?.setAttribute('aria-label', 'Server')
}).observe(holder, { childList: true, subtree: true })
window.SwaggerUIBundle({
  spec: contract,
  domNode: holder,
  deepLinking: false,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
})
