import { QueryClient } from '@tanstack/react-query'
import { asProblem } from './problem.ts'

const SERVER_ERROR = 500

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Only failures are retried: a refused request would be refused again.
      retry: (count, error) => {
        const { status } = asProblem(error)
        return count < 2 && (status === 0 || status >= SERVER_ERROR)
      },
    },
  },
})
