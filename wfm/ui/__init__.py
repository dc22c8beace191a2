"""The app in Streamlit: pages ask, call planning and show."""
