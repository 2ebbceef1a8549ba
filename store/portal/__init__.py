"""The request portal: titles, optional entitlements, authorizations, requests, decisions and what they are charged."""
