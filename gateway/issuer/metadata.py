"""What the demo issuer says of itself (OpenID Connect Discovery 1.0 § 3)."""

from gateway.issuer.clients import Client
from gateway.issuer.signing import ALGORITHM


def metadata_of(client: Client) -> dict[str, object]:
    address = client.issuer.issuer
    return {
        "issuer": address,
        "authorization_endpoint": f"{address}/authorize",
        "token_endpoint": f"{address}/token",
        "userinfo_endpoint": f"{address}/userinfo",
        "end_session_endpoint": f"{address}/end-session",
        "jwks_uri": f"{address}/jwks",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "mitid", "nemlogin", "ssn"],
        "ui_locales_supported": ["da"],
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }
