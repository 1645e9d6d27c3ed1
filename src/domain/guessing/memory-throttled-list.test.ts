import { createThrottledList } from './memory-throttled-list.ts'
import { describeThrottledList } from './throttled-list.conformance.ts'

describeThrottledList('one process', { open: (options) => [createThrottledList(options)] })
