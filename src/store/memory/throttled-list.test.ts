import { describeThrottledList } from '../../../test/store-conformance/throttled-list.conformance.ts'
import { createThrottledList } from './throttled-list.ts'

describeThrottledList('one process', { open: (options) => [createThrottledList(options)] })
