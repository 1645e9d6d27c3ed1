/** A bare Fastify route with the response of `GET /api/v2/me`, the upper limit for its speed (`node bare.ts PORT`). */
import Fastify from 'fastify'

const ME = {
  links: { self: '/api/v2/users/0a1b2c3d4e5f6071' },
  id: '0a1b2c3d4e5f6071',
  name: 'ada',
  status: 'active',
}
const app = Fastify()
app.get('/api/v2/me', (_request, reply) => {
  reply.send(ME)
})
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
process.once('SIGTERM', () => process.exit(0))
