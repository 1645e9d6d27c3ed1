/** All routes of the stand-in. */
import type { Route } from './core/router.ts'
import { MAPPING_ROUTES } from './data/mappings.ts'
import { QUERY_ROUTES } from './data/query.ts'
import { V1_QUERY_ROUTES } from './data/v1-query.ts'
import { V1_WRITE_ROUTES } from './data/v1-write.ts'
import { WRITE_ROUTES } from './data/write.ts'
import { AUTHORIZATION_ROUTES } from './identity/authorizations.ts'
import { BUCKET_ROUTES } from './identity/buckets.ts'
import { LEGACY_AUTHORIZATION_ROUTES } from './identity/legacy-authorizations.ts'
import { MEMBERSHIP_ROUTES } from './identity/memberships.ts'
import { ORGANIZATION_ROUTES } from './identity/organizations.ts'
import { SESSION_ROUTES } from './identity/sessions.ts'
import { SETUP_ROUTES } from './identity/setup.ts'
import { USER_ROUTES } from './identity/users.ts'
import { DIAGNOSTIC_ROUTES } from './instance/diagnostics.ts'
import { INSTANCE_ROUTES } from './instance/instance.ts'
import { ANNOTATION_ROUTES } from './resources/annotations.ts'
import { DASHBOARD_ROUTES } from './resources/dashboards.ts'
import { KIND_ROUTES } from './resources/kinds.ts'
import { LABEL_MAPPING_ROUTES } from './resources/labels.ts'
import { SECRET_ROUTES } from './resources/secrets.ts'
import { TASK_ROUTES } from './resources/tasks.ts'
import { TEMPLATE_ROUTES } from './resources/templates.ts'

export const ROUTES: readonly Route[] = [
  ...DIAGNOSTIC_ROUTES,
  ...SETUP_ROUTES,
  ...SESSION_ROUTES,
  ...USER_ROUTES,
  ...ORGANIZATION_ROUTES,
  ...BUCKET_ROUTES,
  ...MEMBERSHIP_ROUTES,
  ...AUTHORIZATION_ROUTES,
  ...LEGACY_AUTHORIZATION_ROUTES,
  ...WRITE_ROUTES,
  ...QUERY_ROUTES,
  ...MAPPING_ROUTES,
  ...V1_WRITE_ROUTES,
  ...V1_QUERY_ROUTES,
  ...KIND_ROUTES,
  ...LABEL_MAPPING_ROUTES,
  ...DASHBOARD_ROUTES,
  ...SECRET_ROUTES,
  ...TASK_ROUTES,
  ...ANNOTATION_ROUTES,
  ...TEMPLATE_ROUTES,
  ...INSTANCE_ROUTES,
]
