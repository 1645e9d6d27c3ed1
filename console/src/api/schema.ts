// Written from the OpenAPI document by `npm run api`; not to be changed by hand.
export interface paths {
  '/health': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['HealthCheck'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['HealthCheck'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/ready': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Ready'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Ready'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/ping': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/metrics': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'text/plain': string } }
        500: {
          headers: { [name: string]: unknown }
          content: { 'text/plain': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'text/plain': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'text/plain': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { [name: string]: unknown } }
        }
        304: { headers: { [name: string]: unknown }; content?: never }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/features': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Features'] }
        }
        304: { headers: { [name: string]: unknown }; content?: never }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/setup': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': { allowed: boolean } } }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            username?: string
            password?: string
            org?: string
            bucket?: string
            retentionPeriodSeconds?: number
            retentionPeriodHrs?: number
            token?: string
          }
        }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['SetupResult'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/setup/check': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { username: string; password: string } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: {
        query?: { orgID?: string; org?: string; remember?: boolean }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/second-factor': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { code: string } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/second-factor/passkey/challenge': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { publicKey: components['schemas']['PasskeyRequest'] } }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/second-factor/passkey': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            passkey: {
              id: string
              rawId: string
              type: 'public-key'
              response: {
                clientDataJSON: string
                authenticatorData: string
                signature: string
                userHandle?: string
              }
            }
          }
        }
      }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/passkey/challenge': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { publicKey: components['schemas']['PasskeyRequest'] } }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/passkey': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: {
        query?: { orgID?: string; org?: string; remember?: boolean }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody: {
        content: {
          'application/json': {
            passkey: {
              id: string
              rawId: string
              type: 'public-key'
              response: {
                clientDataJSON: string
                authenticatorData: string
                signature: string
                userHandle?: string
              }
            }
          }
        }
      }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signout': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/oidc/{name}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody: {
        content: { 'application/json': { return?: string; org?: string; orgID?: string; again?: boolean } }
      }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': { url: string } } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/oidc/{name}/callback': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody?: never
      responses: {
        303: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/oidc/{name}/backchannel-logout': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody: { content: { 'application/json': { logout_token: string } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': Record<string, never> } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signout/provider': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': { url?: string } } }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/auth/check': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: {
        query?: {
          action?: string
          bucket?: string
          bucketID?: string
          org?: string
          orgID?: string
          upstream?: string
          replace?: string
          redirect?: string
          cookies?: string
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        302: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/auth/return': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: { to?: string }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        303: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/password': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { password?: string; mustChange?: boolean } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/link': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { token: string } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['OneTimeLink'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/invitation': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { token: string; name?: string; password: string } } }
      responses: {
        201: { headers: { [name: string]: unknown }; content: { 'application/json': { name: string } } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/new-password': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { token: string; password: string } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/verify-email': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { token: string } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/forgot': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { name: string } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/command-line': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: {
        content: {
          'application/json': { host: string; redirectUri: string; state: string; challenge: string }
        }
      }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { url: string; expiresAt: string } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/command-line/token': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { code: string; verifier: string } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['CommandLineToken'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/device': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { host: string } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              device_code: string
              user_code: string
              verification_uri: string
              expires_in: number
              interval: number
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/signin/device/token': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { device_code: string } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['CommandLineToken'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['User'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/sessions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: {
        query?: { limit?: number; offset?: number; search?: string }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ListedSessions'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/sessions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Sessions'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/sessions/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/sessions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Sessions'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/sessions/{sessionID}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string; sessionID: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/audit': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: {
        query?: {
          limit?: number
          offset?: number
          after?: string
          descending?: boolean
          userID?: string
          event?: string
          outcome?: string
          search?: string
          start?: string
          stop?: string
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['AuditEvents'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: {
        query?: {
          limit?: number
          offset?: number
          after?: string
          descending?: boolean
          id?: string
          name?: string
          search?: string
          count?: boolean
          status?: 'active' | 'inactive'
          operator?: boolean
          orgID?: string
          details?: boolean
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Users'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { name?: string; status?: string } } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['User'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['User'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { name?: string; status?: string } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['User'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    trace?: never
  }
  '/api/v2/users/{id}/permissions': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Permission'][] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/password': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { password?: string; mustChange?: boolean } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { password?: string; mustChange?: boolean } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/second-factors': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['OwnSecondFactors'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { name: string; enrolment: string; code: string } } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['EnrolledSecondFactor'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/second-factors/totp': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              secret: string
              uri: string
              qrCode: { size: number; path: string }
              enrolment: string
            }
          }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/second-factors/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { name: string } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    trace?: never
  }
  '/api/v2/me/recovery-codes': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { recoveryCodes: string[] } }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/passkeys/challenge': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': { publicKey: components['schemas']['PasskeyCreation']; enrolment: string }
          }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/passkeys': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            name: string
            enrolment: string
            passkey: {
              id: string
              rawId: string
              type: 'public-key'
              response: { clientDataJSON: string; attestationObject: string; transports?: string[] }
            }
          }
        }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['EnrolledSecondFactor'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/application-passwords': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': { applicationPasswords: components['schemas']['ApplicationPassword'][] }
          }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: {
        content: { 'application/json': { name: string; access?: 'use' | 'read'; expiresAt?: string } }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ApplicationPassword'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/application-passwords/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/second-factors': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: {
            'application/json': {
              factors: components['schemas']['SecondFactor'][]
              recoveryCodesLeft: number
            }
          }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/orgs/{id}/second-factor': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { requiredFor: 'nobody' | 'owners' | 'members' } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { requiredFor: 'nobody' | 'owners' | 'members' } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/orgs/{id}/invitations': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { invitations: components['schemas']['Invitation'][] } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: {
        content: { 'application/json': { role: 'member' | 'owner'; name?: string; email?: string } }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Invitation'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/orgs/{id}/invitations/{invitationID}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: {
        query?: never
        header?: never
        path: { id: string; invitationID: string }
        cookie?: never
      }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/password-link': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { mail?: boolean } } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['PasswordLink'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/email': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['UserEmail'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { address: string } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['UserEmail'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/identities': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { identities: components['schemas']['Identity'][] } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: {
        content: { 'application/json': { provider?: string; issuer?: string; subject?: string } }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Identity'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/identities/{identityID}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string; identityID: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/switched-off-tokens': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { tokens: components['schemas']['SwitchedOffToken'][] } }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/switched-off-tokens/switch-on': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': { switchedOn: number } } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/identities/oidc/{name}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { name: string }; cookie?: never }
      requestBody: { content: { 'application/json': { return?: string } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': { url: string } } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/command-line': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { request?: string; userCode?: string } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['CommandLineLogin'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/command-line/approve': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: {
        content: {
          'application/json': { request?: string; userCode?: string; orgID?: string; readOnly?: boolean }
        }
      }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': { url?: string } } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/command-line/deny': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { request?: string; userCode?: string } } }
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': { url?: string } } }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/me/token': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/orgs': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: {
        query?: {
          limit?: number
          offset?: number
          after?: string
          descending?: boolean
          org?: string
          orgID?: string
          userID?: string
          counts?: boolean
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Organizations'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { name?: string; description?: string } } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Organization'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/orgs/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Organization'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { name?: string; description?: string } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Organization'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    trace?: never
  }
  '/api/v2/orgs/{id}/members': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ResourceUsers'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { id?: string } } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ResourceUser'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/orgs/{id}/members/{userID}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string; userID: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch: {
      parameters: { query?: never; header?: never; path: { id: string; userID: string }; cookie?: never }
      requestBody: { content: { 'application/json': { role: unknown } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ResourceUser'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    trace?: never
  }
  '/api/v2/orgs/{id}/owners': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ResourceUsers'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { id?: string } } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ResourceUser'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/orgs/{id}/owners/{userID}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string; userID: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/authorizations': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: {
        query?: { id?: string; user?: string; userID?: string; org?: string; orgID?: string; usage?: boolean }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Authorizations'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            status?: string
            description?: string
            orgID?: string
            userID?: string
            permissions?: { action?: string; resource?: { type?: string; id?: string; orgID?: string } }[]
            expiresAt?: string
            token?: string
          }
        }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Authorization'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/authorizations/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: { usage?: boolean }; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Authorization'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            status?: string
            description?: string
            expiresAt?: string
            graceUntil?: string
            permissions?: { action?: string; resource?: { type?: string; id?: string; orgID?: string } }[]
            token?: string
            orgID?: string
            userID?: string
          }
        }
      }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Authorization'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    trace?: never
  }
  '/api/v2/authorizations/{id}/rotate': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { graceSeconds?: number } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Authorization'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/private/legacy/authorizations': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: {
        query?: { id?: string; token?: string; user?: string; userID?: string; org?: string; orgID?: string }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['LegacyAuthorizations'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            token?: string
            orgID?: string
            userID?: string
            status?: string
            description?: string
            permissions?: { action?: string; resource?: { type?: string; id?: string; orgID?: string } }[]
          }
        }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['LegacyAuthorization'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/private/legacy/authorizations/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['LegacyAuthorization'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            status?: string
            description?: string
            permissions?: { action?: string; resource?: { type?: string; id?: string; orgID?: string } }[]
            token?: string
            orgID?: string
            userID?: string
          }
        }
      }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['LegacyAuthorization'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    trace?: never
  }
  '/private/legacy/authorizations/{id}/password': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { password?: string } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/buckets': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: {
        query?: {
          limit?: number
          offset?: number
          after?: string
          descending?: boolean
          id?: string
          name?: string
          org?: string
          orgID?: string
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Buckets'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            name?: string
            description?: string
            retentionRules?: { type?: string; everySeconds?: number; shardGroupDurationSeconds?: number }[]
            orgID?: string
            rp?: string
          }
        }
      }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Bucket'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/buckets/{id}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Bucket'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: {
        content: {
          'application/json': {
            name?: string
            description?: string
            retentionRules?: { type?: string; everySeconds?: number; shardGroupDurationSeconds?: number }[]
          }
        }
      }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Bucket'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    trace?: never
  }
  '/api/v2/buckets/{id}/members': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ResourceUsers'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { id?: string } } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ResourceUser'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/buckets/{id}/members/{userID}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string; userID: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch: {
      parameters: { query?: never; header?: never; path: { id: string; userID: string }; cookie?: never }
      requestBody: { content: { 'application/json': { role: unknown } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ResourceUser'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    trace?: never
  }
  '/api/v2/buckets/{id}/owners': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ResourceUsers'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody: { content: { 'application/json': { id?: string } } }
      responses: {
        201: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['ResourceUser'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/buckets/{id}/owners/{userID}': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post?: never
    delete: {
      parameters: { query?: never; header?: never; path: { id: string; userID: string }; cookie?: never }
      requestBody?: never
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/resources': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: { headers: { [name: string]: unknown }; content: { 'application/json': string[] } }
        304: { headers: { [name: string]: unknown }; content?: never }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/flags': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': { [name: string]: unknown } }
        }
        304: { headers: { [name: string]: unknown }; content?: never }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/grants': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Grants'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/overview': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: { hours?: number }; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Overview'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/throttled/release': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { scope: unknown; address: string; userID?: string } } }
      responses: {
        204: { headers: { [name: string]: unknown }; content?: never }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/upstream/differences': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['UpstreamDifferences'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/upstream/repair': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { from: unknown; delete?: boolean; dryRun?: boolean } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['UpstreamRepair'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/upstream/adopt': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get?: never
    put?: never
    post: {
      parameters: { query?: never; header?: never; path?: never; cookie?: never }
      requestBody: { content: { 'application/json': { dryRun?: boolean } } }
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['UpstreamAdoption'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        408: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        413: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        415: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        422: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/users/{id}/traffic': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Traffic'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v2/authorizations/{id}/traffic': {
    parameters: { query?: never; header?: never; path?: never; cookie?: never }
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never }
      requestBody?: never
      responses: {
        200: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Traffic'] }
        }
        400: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        401: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        403: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        404: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        429: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        500: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        503: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
        default: {
          headers: { [name: string]: unknown }
          content: { 'application/json': components['schemas']['Error'] }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}
export interface components {
  schemas: {
    Error: {
      code:
        | 'internal error'
        | 'not implemented'
        | 'not found'
        | 'conflict'
        | 'invalid'
        | 'unprocessable entity'
        | 'empty value'
        | 'unavailable'
        | 'forbidden'
        | 'too many requests'
        | 'unauthorized'
        | 'method not allowed'
        | 'request too large'
        | 'unsupported media type'
      message: string
      op?: string
      error?: string
      err?: string
    }
    Reason:
      | 'no-credentials'
      | 'unknown-token'
      | 'token-inactive'
      | 'token-expired'
      | 'external-token-refused'
      | 'no-rule-for-token'
      | 'token-issuer-away'
      | 'no-user'
      | 'session-expired'
      | 'ambiguous-session'
      | 'wrong-credentials'
      | 'user-inactive'
      | 'unknown-user'
      | 'password-change-due'
      | 'sign-in-too-old'
      | 'second-factor-required'
      | 'second-factor-wrong'
      | 'second-factor-expired'
      | 'enrolment-due'
      | 'second-factors-off'
      | 'passkeys-unavailable'
      | 'passkey-refused'
      | 'session-needed'
      | 'application-password'
      | 'missing-permission'
      | 'beyond-own-rights'
      | 'outlives-token'
      | 'forged-request'
      | 'throttled'
      | 'setup-done'
      | 'last-operator'
      | 'directory-away'
      | 'name-taken'
      | 'token-taken'
      | 'already-member'
      | 'wrong-host'
      | 'not-through-gateway'
      | 'not-by-check'
      | 'bucket-by-id'
      | 'outbound-flux'
      | 'link-invalid'
      | 'invitations-off'
      | 'mail-off'
      | 'local-sign-in-off'
      | 'outside-not-allowed'
      | 'outside-no-name'
      | 'identity-taken'
      | 'given-by-provider'
      | 'provider-away'
      | 'provider-misconfigured'
      | 'refused-by-provider'
      | 'clock-differs'
      | 'sign-in-expired'
      | 'unknown-provider'
      | 'command-line-off'
      | 'login-invalid'
      | 'authorization-pending'
      | 'slow-down'
      | 'expired-token'
      | 'access-denied'
      | 'token-needed'
      | 'weak-password'
    User: { links: { self: string }; id: string; name: string; status: string }
    UserDetails: {
      lastSignInAt?: string
      operator: boolean
      organizations: { id: string; name: string; role: string }[]
    }
    Users: {
      links: { self: string }
      users: {
        links: { self: string }
        id: string
        name: string
        status: string
        details?: components['schemas']['UserDetails']
      }[]
      total?: number
    }
    ResourceUser: {
      role: string
      links: { self: string }
      id: string
      name: string
      status: string
      providers?: string[]
      byHand?: boolean
    }
    ResourceUsers: { links: { self: string }; users: components['schemas']['ResourceUser'][] }
    OrganizationCounts: { members: number; buckets?: number; tokens?: number }
    Organization: {
      links: {
        buckets: string
        dashboards: string
        labels: string
        logs: string
        members: string
        owners: string
        secrets: string
        self: string
        tasks: string
      }
      id: string
      name: string
      description: string
      createdAt: string
      updatedAt: string
    }
    Organizations: {
      links: { self: string }
      orgs: {
        links: {
          buckets: string
          dashboards: string
          labels: string
          logs: string
          members: string
          owners: string
          secrets: string
          self: string
          tasks: string
        }
        id: string
        name: string
        description: string
        createdAt: string
        updatedAt: string
        counts?: components['schemas']['OrganizationCounts']
      }[]
    }
    Resource: { type: string; id?: string; orgID?: string; name?: string; org?: string }
    Permission: { action: string; resource: components['schemas']['Resource'] }
    Authorization: {
      id: string
      token: string
      status: string
      description: string
      orgID: string
      org: string
      userID: string
      user: string
      permissions: components['schemas']['Permission'][]
      links: { self: string; user: string }
      createdAt: string
      updatedAt: string
      expiresAt?: string
      lastUsedAt?: string
      graceUntil?: string
    }
    Authorizations: { links: { self: string }; authorizations: components['schemas']['Authorization'][] }
    LegacyAuthorization: {
      id: string
      token: string
      status: string
      description: string
      orgID: string
      org: string
      userID: string
      user: string
      permissions: components['schemas']['Permission'][]
      links: { self: string; user: string }
      createdAt: string
      updatedAt: string
    }
    LegacyAuthorizations: {
      links: { self: string }
      authorizations: components['schemas']['LegacyAuthorization'][]
    }
    Bucket: {
      id: string
      orgID: string
      type: string
      description?: string
      name: string
      rp?: string
      retentionRules: { type: string; everySeconds: number; shardGroupDurationSeconds: number }[]
      createdAt: string
      updatedAt: string
      links: { labels: string; members: string; org: string; owners: string; self: string; write: string }
      labels: { id: string; orgID: string; name: string; properties?: Record<string, never> }[]
    }
    Buckets: {
      links: { prev?: string; self: string; next?: string }
      buckets: components['schemas']['Bucket'][]
    }
    SetupResult: {
      user: components['schemas']['User']
      bucket: components['schemas']['Bucket']
      org: components['schemas']['Organization']
      auth: {
        id: string
        token: string
        hashedToken: string
        status: string
        description: string
        orgID: string
        userID: string
        permissions: components['schemas']['Permission'][]
        createdAt: string
        updatedAt: string
        links: { self: string; user: string }
      }
    }
    HealthCheck: {
      name: string
      status: string
      message: string
      checks: { name: string; status: string; message?: string }[]
      version: string
      commit: string
    }
    Ready: {
      status: string
      started?: string
      up?: string
      checks?: { name: string; status: string; message?: string }[]
    }
    Session: {
      id: string
      createdAt: string
      lastUsedAt: string
      expiresAt: string
      address: string
      userAgent: string
      method: string
      level: string
      remembered: boolean
      current: boolean
    }
    Sessions: { links: { self: string }; sessions: components['schemas']['Session'][] }
    ListedSession: {
      id: string
      createdAt: string
      lastUsedAt: string
      expiresAt: string
      address: string
      userAgent: string
      method: string
      level: string
      remembered: boolean
      current: boolean
      userID: string
      userName?: string
    }
    ListedSessions: {
      links: { self: string }
      sessions: components['schemas']['ListedSession'][]
      total: number
      complete: boolean
    }
    SecondFactor: { id: string; kind: string; name: string; createdAt: string; lastUsedAt?: string }
    OwnSecondFactors: {
      offered: boolean
      passkeys: string
      required: boolean
      factors: components['schemas']['SecondFactor'][]
      recoveryCodesLeft: number
    }
    EnrolledSecondFactor: {
      id: string
      kind: string
      name: string
      createdAt: string
      lastUsedAt?: string
      recoveryCodes?: string[]
    }
    ApplicationPassword: {
      id: string
      name: string
      access: string
      createdAt: string
      expiresAt?: string
      lastUsedAt?: string
      password?: string
    }
    PasskeyCreation: {
      challenge: string
      rp: { id: string; name: string }
      user: { id: string; name: string; displayName: string }
      pubKeyCredParams: { type: 'public-key'; alg: number }[]
      timeout: number
      attestation: string
      excludeCredentials: { type: 'public-key'; id: string; transports?: string[] }[]
      authenticatorSelection: { residentKey: string; requireResidentKey: boolean; userVerification: string }
    }
    PasskeyRequest: {
      challenge: string
      rpId: string
      timeout: number
      userVerification: string
      allowCredentials: { type: 'public-key'; id: string; transports?: string[] }[]
    }
    Invitation: {
      id: string
      orgID: string
      role: 'member' | 'owner'
      name?: string
      email?: string
      createdBy: string
      createdByName?: string
      createdAt: string
      expiresAt: string
      link?: string
    }
    PasswordLink: { link?: string; expiresAt: string }
    UserEmail: { address?: string; verifiedAt?: string; pending?: string }
    OneTimeLink: {
      purpose: 'invitation' | 'reset' | 'email'
      name?: string
      organization?: string
      role?: string
      address?: string
      expiresAt: string
    }
    Identity: {
      id: string
      provider: string
      issuer: string
      subject: string
      name: string
      linkedAt: string
      linkedBy?: string
      lastSignInAt?: string
    }
    SwitchedOffToken: { id: string; kind: string; name: string; at: string; reason: string }
    CommandLineToken: { token: string; id: string; user: string; org: string; expiresAt: string }
    CommandLineLogin: {
      kind: 'loopback' | 'device'
      host: string
      address: string
      isOwnAddress: boolean
      askedAt: string
      expiresAt: string
      tokenSeconds: number
      operator: boolean
      organizations: { id: string; name: string }[]
    }
    AuditEvent: {
      id: string
      time: string
      event: string
      outcome: string
      actor: {
        userID?: string
        userName?: string
        sessionID?: string
        authorizationID?: string
        authorizationDescription?: string
      }
      target: {
        type: string
        id?: string
        name?: string
        summary?: string
        orgID?: string
        orgName?: string
        userID?: string
        userName?: string
      }
      address: string
      userAgent: string
      requestId: string
      count: number
      statement?: string
      durationMs?: number
      status?: number
      currentNames?: string[]
    }
    AuditEvents: { links: { self: string; next?: string }; events: components['schemas']['AuditEvent'][] }
    Features: {
      rememberSeconds: number
      passwordPolicy: string
      deployment: string
      mail: boolean
      invitations: string
      providers: { name: string; label: string; autoRedirect: boolean }[]
      passwordForm: string
      passkeySignIn: boolean
      passkeyOrigin?: string
    }
    Grant: {
      kind: string
      role?: string
      providers?: { name: string; group: string; role: string }[]
      byHand?: boolean
      bounded?: boolean
      resource?: { type: string; id: string; name: string }
      authorization?: { id: string; description: string }
      permissions: components['schemas']['Permission'][]
    }
    Grants: {
      links: { self: string; user: string }
      operator: boolean
      grants: components['schemas']['Grant'][]
    }
    TrafficCounts: { requests: number; refused: number; errors: number; bytesIn: number; bytesOut: number }
    TrafficSpan: {
      bucketSeconds: number
      total: components['schemas']['TrafficCounts']
      points: {
        start: string
        requests: number
        refused: number
        errors: number
        bytesIn: number
        bytesOut: number
      }[]
    }
    Traffic: {
      links: { self: string }
      since: string
      forwards: boolean
      lastHour: components['schemas']['TrafficSpan']
      lastDay: components['schemas']['TrafficSpan']
    }
    Overview: {
      version: string
      influxVersion: string
      startedAt: string
      store: string
      status: string
      message: string
      users: number
      organizations: number
      liveSessions: number
      throttled: { address: string; scope: string; userID?: string; userName?: string; until: string }[]
      refused: {
        users: { userID: string; name?: string; count: number }[]
        addresses: { address: string; count: number }[]
      }
      tokens: { expiring: number; neverUsed: number }
      signIns: {
        bucketSeconds: number
        points: { start: string; success: number; refused: number; throttled: number }[]
      }
      traffic: {
        since: string
        total: {
          lastHour: components['schemas']['TrafficCounts']
          lastDay: components['schemas']['TrafficCounts']
        }
        organizations: {
          orgID: string
          org?: string
          lastHour: components['schemas']['TrafficCounts']
          lastDay: components['schemas']['TrafficCounts']
        }[]
        tokens: {
          id: string
          description?: string
          orgID?: string
          org?: string
          userID?: string
          user?: string
          lastHour: components['schemas']['TrafficCounts']
          lastDay: components['schemas']['TrafficCounts']
        }[]
      }
      upstream: { configured: boolean; up: boolean; lastAnswerAt?: string; differences?: number }
    }
    UpstreamDifferences: {
      differences: {
        type: string
        kind: string
        orgID?: string
        userID?: string
        resourceID?: string
        here?: {
          id?: string
          name?: string
          status?: string
          role?: string
          description?: string
          retentionSeconds?: number
          shardGroupSeconds?: number
        }
        upstream?: {
          id?: string
          name?: string
          status?: string
          role?: string
          description?: string
          retentionSeconds?: number
          shardGroupSeconds?: number
        }
      }[]
      tasks: {
        type: string
        kind: string
        id: string
        name: string
        orgID: string
        ownerID?: string
        status: string
        bucketID?: string
        reason: string
      }[]
      databases: { name: string; orgID: string; org: string; retentionSeconds: number; reason?: string }[]
    }
    UpstreamRepair: {
      mended: {
        type: string
        kind: string
        orgID?: string
        userID?: string
        resourceID?: string
        here?: {
          id?: string
          name?: string
          status?: string
          role?: string
          description?: string
          retentionSeconds?: number
          shardGroupSeconds?: number
        }
        upstream?: {
          id?: string
          name?: string
          status?: string
          role?: string
          description?: string
          retentionSeconds?: number
          shardGroupSeconds?: number
        }
        mending: string
      }[]
      left: {
        type: string
        kind: string
        orgID?: string
        userID?: string
        resourceID?: string
        here?: {
          id?: string
          name?: string
          status?: string
          role?: string
          description?: string
          retentionSeconds?: number
          shardGroupSeconds?: number
        }
        upstream?: {
          id?: string
          name?: string
          status?: string
          role?: string
          description?: string
          retentionSeconds?: number
          shardGroupSeconds?: number
        }
        mending: string
        reason: string
      }[]
    }
    UpstreamAdoption: {
      databases: { name: string; orgID: string; org: string; retentionSeconds: number; reason?: string }[]
    }
  }
}
