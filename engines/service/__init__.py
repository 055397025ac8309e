"""The bundled engine as a service: sequence, journal, risk, match, publish."""
